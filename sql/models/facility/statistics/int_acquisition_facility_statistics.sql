{{ unit_statistics(
    ref('fct_acquisition_doses'), ref('int_group_members'), ref('int_method_groups'),
    'acquisition', 'facility'
) }}
