{# Country calling code and length of national numbers (ITU-T E.164 national plans) for a phone field's country. #}
{% macro _calling_plan(field) %}
    {%- set plans = {
        'US': ['1', 10, 10], 'CA': ['1', 10, 10], 'GB': ['44', 9, 10], 'DE': ['49', 7, 11], 'FR': ['33', 9, 9],
        'ES': ['34', 9, 9], 'IT': ['39', 8, 11], 'NL': ['31', 9, 9], 'BE': ['32', 8, 9], 'CH': ['41', 9, 9],
        'AT': ['43', 7, 12], 'PL': ['48', 9, 9], 'SE': ['46', 7, 9], 'NO': ['47', 8, 8], 'DK': ['45', 8, 8],
        'FI': ['358', 6, 10], 'IE': ['353', 7, 9], 'PT': ['351', 9, 9], 'AU': ['61', 9, 9], 'NZ': ['64', 8, 10],
        'IN': ['91', 10, 10], 'BR': ['55', 10, 11], 'MX': ['52', 10, 10], 'JP': ['81', 9, 10], 'CN': ['86', 10, 11],
        'ZA': ['27', 9, 9], 'SG': ['65', 8, 8], 'AE': ['971', 8, 9],
    } -%}
    {%- if field.country not in plans -%}
        {{- dbt_dedup.spec_error(field.entity, 'fields.' ~ field.name ~ '.country', field.country, plans.keys() | list) -}}
    {%- endif -%}
    {%- set code, shortest, longest = plans[field.country] -%}
    {{- return({
        'code': code,
        'shortest': shortest,
        'longest': longest,
        'international_prefix': '011' if code == '1' else '00',
    }) -}}
{% endmacro %}
