{#
    On int_<entity>__route_differences: fails on each of its rows. It logs the first pair, with the features of the field whose
    weight differs.
#}
{% test routes_agree(model, pair_features) -%}
{%- set differences -%}
select * from {{ model }}
order by record_key_l asc, record_key_r asc
{%- endset -%}
{%- if execute and flags.WHICH in ['build', 'test'] -%}
    {%- for row in run_query(differences ~ ' limit 1').rows -%}
        {%- set values = [] -%}
        {%- set features = run_query(
            'select * from ' ~ pair_features ~ ' where record_key_l = ' ~ row['record_key_l'] ~ ' and record_key_r = '
            ~ row['record_key_r']
        ) -%}
        {%- for name in features.column_names if row['field'] is none or name.startswith(row['field'] ~ '_') -%}
            {%- do values.append(name ~ ' ' ~ features.rows[0][name]) -%}
        {%- endfor -%}
        {%- do log(
            'dbt_dedup: Python and SQL disagree, first on the pair of record_key ' ~ row['record_key_l'] ~ ' and '
            ~ row['record_key_r'] ~ ': Python gives ' ~ row['python_probability'] ~ ', SQL ' ~ row['sql_probability']
            ~ ('; field ' ~ row['field'] if row['field'] else '') ~ ('; ' ~ values | join(', ') if values else ''),
            info=true
        ) -%}
    {%- endfor -%}
{%- endif -%}
{{ differences }}
{%- endtest %}
