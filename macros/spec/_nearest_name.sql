{#
    The name that is most like a word; none where nothing is near. Alike are names that share at least half of their letter pairs
    (Dice coefficient), or the first letter and three quarters of all letters in whatever order (`tyep`).
#}
{% macro _nearest_name(word, names) %}
    {%- set best = namespace(name=none, score=0) -%}
    {%- set letters = word | string | lower -%}
    {%- set pairs = dbt_dedup._letter_pairs(letters) -%}
    {%- for name in names -%}
        {%- set other_letters = name | string | lower -%}
        {%- set other = dbt_dedup._letter_pairs(other_letters) -%}
        {%- set dice = 2 * (pairs | select('in', other) | list | length) / ((pairs | length) + (other | length)) -%}
        {%- set shared = namespace(count=0) -%}
        {%- for letter in letters | list | unique -%}
            {%- set shared.count = shared.count + [letters.count(letter), other_letters.count(letter)] | min -%}
        {%- endfor -%}
        {%- set share = shared.count / [letters | length, other_letters | length, 1] | max -%}
        {%- if (dice >= 0.5 or share >= 0.75 and letters[:1] == other_letters[:1]) and dice + share >= best.score -%}
            {%- set best.name = name -%}
            {%- set best.score = dice + share -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(best.name) -}}
{% endmacro %}
