"""The yearly figures, started by a schedule."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.figures import FiguresActivities
    from activities.messages import PublishFigures
    from workflows import options
    from workflows.identifiers import FIGURES


@workflow.defn(name=FIGURES)
class PublishFiguresWorkflow:
    """Has the figures of the past year published. It knows no case, and waits for nothing."""

    @workflow.run
    async def run(self) -> None:
        """Publish them; whatever keeps the database away, until it is done."""
        await workflow.execute_activity_method(
            FiguresActivities.publish_figures,
            PublishFigures(),
            **options.database_write("Publish the figures of every year that has ended"),
        )
