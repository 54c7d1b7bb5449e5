select
    customer_no,
    system,
    first_name,
    last_name,
    born,
    mail,
    phone,
    street,
    town,
    zip,
    changed_at
from {{ ref('shop_customers') }}
