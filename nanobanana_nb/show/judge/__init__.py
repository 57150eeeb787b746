"""What people and chance say about the images of a grid."""
