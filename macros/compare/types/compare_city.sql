{#
    Cities and other places: spelling, and how rare the shared place is. A city has one spelling under its names in several
    languages (Munich, München).
#}
{% macro compare_city(field) %}
    {%- set f = field.name -%}
    {%- set l, r = 'l.' ~ f, 'r.' ~ f -%}
    {%- set is_one_city = 'when ' ~ dbt_dedup.same(f ~ '__known_as') ~ ' then 1.0' -%}
    {%- set name_similarity, edit = dbt_dedup.name_similarity_feature('jaro_winkler', f), dbt_dedup.edit_feature(f) -%}
    {{- return([
        dbt_dedup.same_feature('exact', f ~ '__known_as', 'the cities'),
        dict(name_similarity, sql=dbt_dedup.case_lines([is_one_city], name_similarity.sql)),
        dict(edit, sql=dbt_dedup.case_lines([is_one_city], edit.sql)),
        dbt_dedup.contains_feature(f),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
