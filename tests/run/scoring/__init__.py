"""Tests of functions of people, called on the images of a grid."""
