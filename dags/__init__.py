"""When, in what order, for which facility: Airflow's timetable of the same functions."""
