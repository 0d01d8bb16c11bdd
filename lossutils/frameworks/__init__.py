"""How a formula runs on an array: NumPy, PyTorch, TensorFlow, the compiled core, and the checks of what comes in."""
