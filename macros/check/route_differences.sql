{#
    int_<entity>__route_differences, one row per pair to which Python and the compiled model give probabilities that differ by
    more than the tolerance in method_constants. It is empty where they agree, and where no model of the version in production
    is compiled. With `scoring: python` every pair is compared, with `scoring: sql` those that Python scored as a sample.
#}
{% macro route_differences(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set fields = spec.features | map(attribute='field') | unique | list -%}
{%- set parity = ref('int_' ~ entity_name ~ '__parity') -%}
{%- set pair_features = ref('int_' ~ entity_name ~ '__pair_features') -%}
{%- set pair_scores = ref('int_' ~ entity_name ~ '__pair_scores') -%}
{%- set python_scores = ref('int_' ~ entity_name ~ '__pair_scores_python') -%}
{%- set compiled = dbt_dedup._compiled_in_production(entity_name, parity) -%}
{%- set tolerance = dbt_dedup.method_constants().probability_tolerance -%}
{%- set weight_tolerance = dbt_dedup.method_constants().weight_tolerance -%}
{%- if compiled -%}
with

parity as (
    select * from {{ parity }}
    where model_version = '{{ compiled.version }}'
),

python_scores as (
    select * from {{ python_scores if spec.scoring == 'sql' else pair_scores }}
    where model_version = '{{ compiled.version }}'
),

sql_scores as (
    {%- if spec.scoring == 'sql' %}
    select * from {{ pair_scores }}
    {%- else %}
    {{ dbt_dedup._score_features(spec, compiled, pair_features, ['record_key_l', 'record_key_r']) | indent(4) }}
    where
        match_probability >= {{ spec.thresholds.floor }}
        and exists (select 1 from parity)
    {%- endif %}
),

compared as (
    select
        coalesce(python_scores.record_key_l, sql_scores.record_key_l) as record_key_l,
        coalesce(python_scores.record_key_r, sql_scores.record_key_r) as record_key_r,
        python_scores.match_probability as python_probability,
        sql_scores.match_probability as sql_probability,
        {%- for field in fields %}
        python_scores.weight_{{ field }} as python_{{ field }},
        sql_scores.weight_{{ field }} as sql_{{ field }}{{ ',' if not loop.last }}
        {%- endfor %}
    from python_scores
    {{ 'left' if spec.scoring == 'sql' else 'full outer' }} join sql_scores
        on python_scores.record_key_l = sql_scores.record_key_l
        and python_scores.record_key_r = sql_scores.record_key_r
),

final as (
    select
        record_key_l,
        record_key_r,
        python_probability,
        sql_probability,
        case
            {%- for field in fields %}
            when not coalesce(abs(python_{{ field }} - sql_{{ field }}) <= {{ weight_tolerance }}, false) then '{{ field }}'
            {%- endfor %}
        end as field
    from compared
    where
        not coalesce(
            abs(python_probability - sql_probability) <= {{ tolerance }},
            coalesce(python_probability, sql_probability) < {{ spec.thresholds.floor }} + {{ tolerance }}
        )
)

select * from final
{%- else -%}
select
    cast(null as integer) as record_key_l,
    cast(null as integer) as record_key_r,
    cast(null as double) as python_probability,
    cast(null as double) as sql_probability,
    cast(null as {{ dbt_dedup.text_type() }}) as field
where false
{%- endif %}
{% endmacro %}
