"""Programs that run the DAGs on one machine, without or with Airflow's own services."""
