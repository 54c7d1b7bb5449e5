{#
    Cities and other places: spelling, and how rare the shared place is. A city has one spelling under its names in several
    languages (Munich, München).
#}
{% macro compare_city(field) %}
    {%- set f = field.name -%}
    {{- return(
        [dbt_dedup.same_feature('exact', f ~ '__known_as', 'the cities')]
        + dbt_dedup.one_where(
            dbt_dedup.same(f ~ '__known_as'), [dbt_dedup.name_similarity_feature('jaro_winkler', f), dbt_dedup.edit_feature(f)]
        )
        + [dbt_dedup.contains_feature(f), dbt_dedup.rarity_feature(f)]
    ) -}}
{% endmacro %}
