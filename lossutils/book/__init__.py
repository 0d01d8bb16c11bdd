"""What only the book needs: claims in notebooks, figures, experiments."""
