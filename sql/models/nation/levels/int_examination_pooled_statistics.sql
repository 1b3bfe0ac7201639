{{ unit_statistics(
    ref('fct_examination_doses'), ref('int_group_members'), ref('int_method_groups'),
    'examination', 'examination'
) }}
