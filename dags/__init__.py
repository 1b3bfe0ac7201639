"""Airflow DAGs: when the functions of `transforms` run, in what order, for which facility."""
