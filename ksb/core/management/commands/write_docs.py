from django.conf import settings
from django.core.management.base import BaseCommand

from ksb.core.generated import documents


class Command(BaseCommand):
    help = "Write the generated parts of docs/ (state diagrams, data dictionary) from the code."

    def handle(self, **options):
        folder = settings.BASE_DIR / "docs"
        for name, text in documents().items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"docs/{name}")
