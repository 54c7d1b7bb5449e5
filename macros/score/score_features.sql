{#
    SQL that scores any relation with the feature columns by a compiled model: the columns in `carry`, match_probability,
    match_weight, weight_<field>, model_version. It adds up the weights in the order in which Python adds them, and ends in a
    plain `select` to which the caller may add a `where`.
#}
{% macro score_features(spec, model, features, carry) %}
with

features as (
    select * from {{ features }}
),

{% if model.prepared -%}
prepared as (
    select
        *,
        {%- for name, column in model.prepared.items() %}
        {{ column | indent(8) }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from features
),

{% endif -%}
weighted as (
    select
        {%- for column in carry %}
        {{ column }},
        {%- endfor %}
        {%- for feature, weight in model.weights.items() %}
        {{ weight | indent(8) }} as {{ feature }}{{ ',' if not loop.last }}
        {%- else %}
        0 as without_features
        {%- endfor %}
    from {{ 'prepared' if model.prepared else 'features' }}
),

added_up as (
    select
        {%- for column in carry %}
        {{ column }},
        {%- endfor %}
        {{ ([model.bias] + model.weights.keys() | list) | join('\n        + ') }} as match_weight
        {%- for field in spec.features | map(attribute='field') | unique %}
        {%- set weights = spec.features | selectattr('field', 'equalto', field) | map(attribute='name')
            | select('in', model.weights) | list %},
        cast({{ weights | join(' + ') or '0' }} as float) as weight_{{ field }}
        {%- endfor %}
    from weighted
),

scored as (
    select
        {%- for column in carry %}
        {{ column }},
        {%- endfor %}
        1e0 / (1e0 + power(2e0, -match_weight)) as match_probability,
        match_weight,
        {%- for field in spec.features | map(attribute='field') | unique %}
        weight_{{ field }},
        {%- endfor %}
        '{{ model.version }}' as model_version
    from added_up
)

select * from scored
{%- endmacro %}
