from django.db import migrations

import villages.models.version


class Migration(migrations.Migration):
    dependencies = [
        ("villages", "0007_closure_form"),
    ]

    operations = [
        migrations.AddField(
            model_name="dorpshuis",
            name="version",
            field=villages.models.version.VersionField(default=villages.models.version.new_version, editable=False),
        ),
    ]
