"""What stands beside a document: plan.toml and tables of judgement."""
