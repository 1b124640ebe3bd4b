#include "detect/census.h"

#include "detect/detector.h"

#include <string.h>

void census_init(struct census *census)
{
	vector_init(&census->templates, sizeof(struct census_template), DETECT_MAXIMUM_TEMPLATES);
	vector_init(&census->counted, sizeof(uint32_t), DETECT_MAXIMUM_TEMPLATES);
	memset(census->sources, 0, sizeof(census->sources));
}

void census_release(struct census *census)
{
	vector_release(&census->templates);
	vector_release(&census->counted);
}

void census_clear(struct census *census)
{
	vector_clear(&census->templates);
	vector_clear(&census->counted);
	memset(census->sources, 0, sizeof(census->sources));
}

void census_pulse(struct census *census)
{
	for (size_t i = 0; i < census->counted.count; i++) {
		uint32_t template = *(const uint32_t *)vector_at(&census->counted, i);

		((struct census_template *)vector_at(&census->templates, template))->count = 0;
	}
	vector_clear(&census->counted);
}

void census_grow(struct census *census, uint32_t template)
{
	detect_table_at(&census->templates, template);
}
