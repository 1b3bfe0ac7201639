-- Which deliverables of the commitments were late, and by how many days (negative: early)?
select
    commitment_number,
    deliverable,
    status,
    due_on,
    delivered_on,
    n_days_late
from commitment_deliverables
where disclosure = 'shown'
order by n_days_late desc nulls last, commitment_number asc, deliverable asc
