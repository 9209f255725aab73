"""Nothing lost, nothing twice, in any order: two services at work while everything around them breaks."""
