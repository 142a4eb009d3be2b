// The large picture, with its frame and its detail. kit's gallery.js precedes this file.

class PictureInspector extends Inspector {
  constructor(element) {
    super(element);
    [this.image, this.frame, this.detail] = element.querySelectorAll("img, .frame, p");
  }

  draw() {
    draw(this.image, this.frame, this.tile.data, LARGE);
    setText(this.detail, this.tile.data.detail || this.tile.data.caption);
  }
}
