{#
    On int_<entity>__route_differences: fails on each of its rows. Logs the first pair, with the features of the field whose
    weight differs.
#}
{% test routes_agree(model, pair_features) %}
{%- set differences -%}
select *
from {{ model }}
order by compared, side_l, side_r
{%- endset -%}
{%- if execute and flags.WHICH in ['build', 'test'] -%}
    {%- for row in run_query(differences ~ ' limit 1').rows -%}
        {%- set values = [] -%}
        {%- if row['compared'] == 'pair' -%}
            {%- set features = run_query(
                'select * from ' ~ pair_features ~ ' where record_key_l = ' ~ row['side_l'] ~ ' and record_key_r = ' ~ row['side_r']
            ) -%}
            {%- for name in features.column_names if row['field'] is none or name.startswith(row['field'] ~ '_') -%}
                {%- do values.append(name ~ ' ' ~ features.rows[0][name]) -%}
            {%- endfor -%}
        {%- endif -%}
        {%- do log(
            'dbt_dedup: Python and SQL disagree, first on the ' ~ row['compared'] ~ ' of ' ~ row['side_l'] ~ ' and '
            ~ row['side_r'] ~ ': Python gives ' ~ row['python_probability'] ~ ', SQL ' ~ row['sql_probability']
            ~ ('; field ' ~ row['field'] if row['field'] else '') ~ ('; ' ~ values | join(', ') if values else ''),
            info=true
        ) -%}
    {%- endfor -%}
{%- endif -%}
{{ differences }}
{% endtest %}
