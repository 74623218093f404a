"""The style sheet over Fusion; `$names` are the fields of `theme.Theme`."""

from string import Template

SHEET = Template("""
QToolTip { background: $surface; color: $text; border: 1px solid $edge; padding: 4px 6px; }
QMenuBar { background: $ground; padding: 2px 6px; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $surface; border: 1px solid $edge; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: $wash; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QSplitter::handle { background: transparent; }
QFrame[card="true"] { background: $surface; border: 1px solid $line; border-radius: 8px; }
QLabel { background: transparent; }
QLabel[tone="quiet"] { color: $quiet; }
QLabel[tone="faint"] { color: $faint; }
QLabel[tone="title"] { color: $faint; font-weight: bold; font-size: 11px; }
QLabel[tone="wrong"] { color: $wrong; }
QLabel[tone="warn"] { color: $warn; }
QLineEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox {
  background: $field; color: $text; border: 1px solid $line; border-radius: 5px; padding: 4px 6px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:hover, QPlainTextEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover {
  border-color: $edge; }
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus {
  border-color: $accent; }
QLineEdit[wrong="true"], QSpinBox[wrong="true"], QDoubleSpinBox[wrong="true"] {
  color: $wrong; border-color: $wrong; }
QAbstractSpinBox QLineEdit { border: 0; padding: 0 6px; background: transparent; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: 0; }
QPushButton, QToolButton { background: $field; color: $text; border: 1px solid $edge;
  border-radius: 5px; padding: 4px 11px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $faint; border-color: $line;
  background: $surface; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent;
  font-weight: bold; padding: 5px 18px; }
QPushButton[kind="primary"]:hover { background: $accent; border-color: $text; }
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="primary"]:disabled { background: $surface; color: $faint; border-color: $line; }
QPushButton[kind="plain"], QToolButton[kind="plain"] { background: transparent;
  border: 1px solid transparent; padding: 3px 7px; color: $quiet; }
QPushButton[kind="plain"]:hover, QToolButton[kind="plain"]:hover { background: $hover;
  color: $text; }
QPushButton[kind="plain"]:focus, QToolButton[kind="plain"]:focus { border-color: $accent; }
QToolButton[kind="plain"]:checked { background: $wash; color: $text; }
QToolButton[kind="segment"] { background: transparent; border: 1px solid transparent;
  border-radius: 4px; padding: 3px 10px; color: $quiet; }
QToolButton[kind="segment"]:hover { color: $text; }
QToolButton[kind="segment"]:checked { background: $surface; border-color: $edge; color: $text; }
QToolButton[kind="segment"]:focus { border-color: $accent; }
QFrame[tight="true"] QToolButton[kind="segment"] { padding: 3px 1px; font-size: 11px; }
QFrame[kind="segments"] { background: $ground; border: 1px solid $line; border-radius: 6px; }
QPushButton[kind="picker"] { padding: 5px 10px; }
QPushButton::menu-indicator { image: none; width: 0; }
QToolButton[kind="small"] { padding: 3px 0; }
QToolButton[kind="rail"] { background: transparent; border: 0; border-radius: 8px; padding: 7px 2px;
  color: $quiet; font-size: 10px; }
QToolButton[kind="rail"]:hover { background: $hover; color: $text; }
QToolButton[kind="rail"]:focus { background: $hover; border: 1px solid $accent; }
QToolButton[kind="rail"]:checked { background: $wash; color: $text; }
QToolButton::menu-indicator { image: none; width: 0; }
QTabWidget::pane { border: 0; }
QTabBar::tab { background: transparent; color: $quiet; border: 0; padding: 5px 7px 4px;
  border-bottom: 2px solid transparent; font-size: 11px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:selected:focus { background: $wash; }
QTabBar::scroller { width: 44px; }
QTabBar QToolButton { padding: 0; border-color: $line; }
QListWidget::item { border-radius: 6px; border: 1px solid transparent; color: $quiet; }
QListWidget::item:selected { background: $wash; color: $text; }
QListWidget:focus::item:selected { border-color: $accent; }
QListView, QTreeView { background: transparent; border: 0; outline: 0; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 1px; }
QScrollBar::handle:vertical { background: $edge; border-radius: 4px; min-height: 28px;
  margin: 0 1px; }
QScrollBar::handle:vertical:hover { background: $faint; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 1px; }
QScrollBar::handle:horizontal { background: $edge; border-radius: 4px; min-width: 28px;
  margin: 1px 0; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")
