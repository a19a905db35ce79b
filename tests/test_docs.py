"""What docs/ says of the code is what the code says."""

import pytest
from django.conf import settings

from ksb.core.generated import documents, workflows


def test_the_generated_documents_are_up_to_date():
    """After a change of models or workflows: ``make docs``."""
    stale = [name for name, text in documents().items() if (settings.BASE_DIR / "docs" / name).read_text() != text]
    assert stale == []


@pytest.mark.parametrize("flow", workflows(), ids=lambda flow: flow.name)
class TestEveryWorkflow:
    def test_every_step_is_between_known_states(self, flow):
        for step in flow.transitions:
            assert {*step.sources, step.target} <= set(flow.states.values)

    def test_names_are_unique(self, flow):
        names = [step.name for step in flow.transitions]
        assert len(names) == len(set(names))

    def test_every_state_can_be_reached_or_is_where_things_begin(self, flow):
        targets = {step.target for step in flow.transitions}
        sources = {source for step in flow.transitions for source in step.sources}
        assert set(flow.states.values) - targets - set(flow.beginnings) <= sources
