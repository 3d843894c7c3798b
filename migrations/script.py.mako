"""${message}"""

from __future__ import annotations

from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Freeze the DDL here and import nothing of codelog. The table `events` is never rebuilt: a rebuild drops its guards.
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    raise NotImplementedError(
        "a store is not taken back to an older form; restore the backup that the upgrade made: codelog db restore FILE"
    )
