"""Turns as a template takes them, the thoughts of earlier ones in the form that it looks for.

Whether an earlier thought is shown again is the template's own rule.
"""

from typing import Any

from kimidesk.reading.dialects.sheet import Form, Sheet
from kimidesk.records import Message


def turn_of(message: Message, sheet: Sheet, *, parts: bool = False) -> dict[str, Any]:
    """One message; `parts` gives its content as a list, for templates that take nothing else."""
    text, thought = message.content, message.thought
    if message.role != "assistant" or not thought or not sheet.thinks:
        return _said(message.role, text, parts=parts)
    match sheet.form:
        case Form.FIELDS:
            told = dict.fromkeys(sheet.fields, thought)
            return _said(message.role, text, parts=parts) | told
        case Form.PARTS:
            thinking = {"type": "thinking", "thinking": thought}
            return {"role": message.role, "content": [thinking, _part(text)]}
        case Form.BLOCKS:
            thoughts = {"type": "thoughts", "text": thought}
            blocks = [thoughts, {"type": "response", "text": text}]
            return {"role": message.role, "content": {"blocks": blocks}}
        case Form.CONTENT:
            start = sheet.starts[0].strip() if sheet.starts else ""
            text = f"{start}\n{thought}\n{sheet.ends[0].strip()}\n\n{text}"
    return _said(message.role, text, parts=parts)


def _said(role: str, text: str, *, parts: bool) -> dict[str, Any]:
    return {"role": role, "content": [_part(text)] if parts else text}


def _part(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}
