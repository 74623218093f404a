"""The nouns: frozen, slotted, numpy at most."""

from kimidesk.records.adapter import Adapter
from kimidesk.records.belief import Beliefs, Candidate, Rating, Trial
from kimidesk.records.columns import FIELDS, RIVALS, WIDE, Lexicon, Token, TokenColumns
from kimidesk.records.problem import Problem, Suite, Task, is_whole, mended
from kimidesk.records.run import Finish, Sample, SampleStatus, ScorePlan
from kimidesk.records.sampling import CLOSING, ONWARD, Budget, OnLoop, Sampling
from kimidesk.records.segment import By, Kind, Label, Segment, Subtype
from kimidesk.records.share import Difference, Interval, Share
from kimidesk.records.trace import (
    Attempt,
    CheckpointInfo,
    Dialect,
    Ended,
    Fork,
    Given,
    Grown,
    Message,
    Note,
    Noted,
    PictureBlock,
    Told,
    Trace,
    Wish,
    text_of,
)
from kimidesk.records.verdict import Judgement, Verdict

__all__ = [
    "CLOSING",
    "FIELDS",
    "ONWARD",
    "RIVALS",
    "WIDE",
    "Adapter",
    "Attempt",
    "Beliefs",
    "Budget",
    "By",
    "Candidate",
    "CheckpointInfo",
    "Dialect",
    "Difference",
    "Ended",
    "Finish",
    "Fork",
    "Given",
    "Grown",
    "Interval",
    "Judgement",
    "Kind",
    "Label",
    "Lexicon",
    "Message",
    "Note",
    "Noted",
    "OnLoop",
    "PictureBlock",
    "Problem",
    "Rating",
    "Sample",
    "SampleStatus",
    "Sampling",
    "ScorePlan",
    "Segment",
    "Share",
    "Subtype",
    "Suite",
    "Task",
    "Token",
    "TokenColumns",
    "Told",
    "Trace",
    "Trial",
    "Verdict",
    "Wish",
    "is_whole",
    "mended",
    "text_of",
]
