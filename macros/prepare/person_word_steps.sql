{#
    The steps from a column to the words of a name, <field>__clean: as plain_words, without remarks in brackets such as
    "(old)" and without digits. `rules` are applied to the folded text first: [[pattern, replacement], ...], see
    replace_patterns.
#}
{% macro person_word_steps(field_name, column, rules=[]) %}
    {%- set steps = [{'folded': dbt_dedup.fold_text(column)}] -%}
    {%- if rules -%}
        {%- do steps.append({'ordered': dbt_dedup.replace_patterns(field_name ~ '__folded', rules)}) -%}
    {%- endif -%}
    {%- set source = field_name ~ ('__ordered' if rules else '__folded') -%}
    {{- return(steps + [
        {'unmarked': dbt_dedup.replace_pattern(source, '[(\\[][^)\\]]*[)\\]]|[0-9]+', ' ')},
        {'clean': dbt_dedup.plain_words(field_name ~ '__unmarked')},
    ]) -}}
{% endmacro %}
