{#
    SQL of the rows of <entity>_metrics for which a condition holds. A build logs each: `finding` says what is wrong, and
    `level_column` names the level that the value is compared with.
#}
{% macro _metrics_where(model, condition, level_column, finding) -%}
{%- set rows -%}
select
    metric_number,
    metric,
    value,
    direction,
    target,
    warn_target,
    level,
    description
from {{ model }}
where {{ condition }}
order by metric_number asc
{%- endset -%}
{%- if execute and flags.WHICH in ['build', 'test'] -%}
    {%- for row in run_query(rows).rows -%}
        {%- set value = 'not measured' if row['value'] is none else row['value'] | round(4) -%}
        {%- do log(
            'dbt_dedup: ' ~ (model.identifier or model) ~ ': ' ~ row['metric'] ~ ' ' ~ finding ~ ': it is ' ~ value ~ ', expected '
            ~ (row['direction'] or '') | replace('_', ' ') ~ ' ' ~ (row[level_column] or 0) | round(4) ~ ' (' ~ row['description'] ~ ')',
            info=true
        ) -%}
    {%- endfor -%}
{%- endif -%}
{{ rows }}
{%- endmacro %}
