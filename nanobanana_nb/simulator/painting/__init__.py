"""What a picture is painted from: words, colours, places, motifs, materials, renderings."""
