"""The language of the window: ours and Qt's own texts, changed while it runs."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from kimidesk.settings import assets_folder

LANGUAGES = ("en", "zh_CN")


class Languages:
    """Installs the translators of one language; "system" is the desktop's."""

    def __init__(self, app: QApplication, choice: str) -> None:
        self._app = app
        self.current = "en"
        self.choose(choice)

    def choose(self, choice: str) -> None:
        """Speak "en", "zh_CN" or the language of the "system"; anything else is English."""
        if choice == "system":
            chinese = QLocale.system().language() is QLocale.Language.Chinese
            choice = "zh_CN" if chinese else "en"
        for translator in self._app.findChildren(QTranslator):
            self._app.removeTranslator(translator)
            translator.deleteLater()
        self.current = choice
        if choice == "en":
            return
        ours = str(assets_folder() / "translations")
        qts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for name, folder in ((f"qtbase_{choice}", qts), (f"kimidesk_{choice}", ours)):
            translator = QTranslator(self._app)
            if translator.load(name, folder):
                self._app.installTranslator(translator)
