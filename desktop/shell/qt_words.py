"""Words of Qt's own dialogs that its Chinese translation leaves in English: seen where the system has no file dialog."""

from PySide6.QtCore import QTranslator

_WORDS = {
    ("QFileDialog", "&Look in:"): "查找位置：",
    ("QFileDialog", "Files of &type:"): "文件类型：",
}


class QtWords(QTranslator):
    """Gives those few words; Qt asks the translators one after another."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """Return the Chinese words, or None, not an empty text: only then the next translator is asked."""
        return _WORDS.get((context, text))

    def isEmpty(self) -> bool:
        """Tell Qt that there is something in it, though no file was loaded."""
        return False
