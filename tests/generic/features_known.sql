{#
    On int_<entity>__parity: fails on each feature that the model in production does not use because it is older than the
    feature: train again to use it.
#}
{% test features_known(model, entity) -%}
{%- set features = [] -%}
{%- if execute -%}
    {%- set trained_on = adapter.get_columns_in_relation(model) | map(attribute='name') | list -%}
    {%- for feature in dbt_dedup.entity(entity).features if feature.name not in trained_on -%}
        {%- do features.append(feature.name) -%}
    {%- endfor -%}
{%- endif -%}
{%- for feature in features -%}
select '{{ feature }}' as feature
union all
{% endfor -%}
select cast(null as {{ dbt_dedup.text_type() }}) as feature
where false
{%- endtest %}
