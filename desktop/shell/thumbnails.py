"""Small pictures of kept files: read at the size they are shown at, where the store is, so that the window goes on."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from db.errors import UserError
from db.records.internal_entities import ATTACHMENT
from db.storage.store import Store
from db.tasks import attachments

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
# How each kind begins; what it is by its content, never by its name. Others are no pictures to us: a drawing (SVG) names
# files and shares that Qt would open, whatever it is called.
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"BM", "bmp"), (b"GIF8", "gif"), (b"RIFF", "webp"),
)  # fmt: skip
LARGEST = 12 * 1024 * 1024  # bytes; a file of more than a camera makes is shown by its icon


def is_picture(name: str, size: int) -> bool:
    """Tell whether a small picture can be made of a file."""
    return name.lower().endswith(PICTURES) and size <= LARGEST


def small(content: bytes, box: QSize) -> QImage:
    """Return a picture that fits a box; a null one where the content is none. It is never decoded in full size
    where its format can do without.
    """  # fmt: skip
    kind = next((kind for start, kind in _KINDS if content.startswith(start)), None)
    if kind is None:
        return QImage()
    data = QByteArray(content)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoDetectImageFormat(False)
    reader.setFormat(QByteArray(kind.encode()))
    reader.setAutoTransform(True)  # a phone held upright says so
    size = reader.size()
    if not size.isValid():
        return QImage()
    turned = bool(reader.transformation().value & 4)
    fitted = size.scaled(box.transposed() if turned else box, Qt.AspectRatioMode.KeepAspectRatio)
    if fitted.width() < size.width():  # a small one stays as it is
        reader.setScaledSize(fitted.expandedTo(QSize(1, 1)))
    return reader.read()


def read(store: Store, attachment_id: int, box: QSize) -> QImage:
    """Return a kept file as a picture that fits a box; a null one where it is lost or no picture."""
    row = store.row(ATTACHMENT, attachment_id)
    if row is None:
        return QImage()
    try:
        return small(attachments.box_of(store).get(str(row["sha256"])), box)
    except UserError:
        return QImage()  # opening it says what is wrong
