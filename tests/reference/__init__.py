"""What the losses are held to: their exact values, the points to compare them at, and the frameworks to run them on."""
