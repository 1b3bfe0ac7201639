-- Which deliverables of the commitments came late, and by how many days (early ones are negative)?
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
