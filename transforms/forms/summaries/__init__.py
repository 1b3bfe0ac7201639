"""The second intake: summaries of local dose audits, without a row of a patient."""
