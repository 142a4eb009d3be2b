"""A U-Net that is trained from nothing: a picture in, something for every pixel out."""
