"""The files next to a document: plan.toml and the tables of judgement."""
