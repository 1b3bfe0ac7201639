{{ unit_statistics(
    ref('fct_acquisition_doses'), ref('int_patient_limit_combinations'), ref('int_method_groups'),
    'acquisition', 'facility'
) }}
