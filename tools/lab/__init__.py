"""The book in JupyterLab: `make lab`."""
