"""What programs send: JSON that can be read, kept and answered."""

import json

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class PlainJsonParser(JSONParser):
    """Refuses (400) what JSON allows and nothing behind it can hold: endless nesting, and halves of characters."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            data = super().parse(stream, media_type, parser_context)
            json.dumps(data, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        except UnicodeEncodeError as error:
            raise ParseError(_("The JSON holds half of a character (a lone surrogate).")) from error
        return data
