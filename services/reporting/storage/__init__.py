"""The read models and facts of reporting, and what its pages ask of them."""
