#include "tocsin/io/gentle.h"

#ifdef __linux__

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#define IO_WHO_PROCESS 1 /* 0: the calling thread */
#define IO_USUAL 0
#define IO_IDLE (3 << 13)

static void set(int policy, int io)
{
	struct sched_param param = { 0 };

	sched_setscheduler(0, policy, &param);
	syscall(SYS_ioprio_set, IO_WHO_PROCESS, 0, io);
}

void gentle_begin(void)
{
	set(SCHED_BATCH, IO_IDLE);
}

void gentle_end(void)
{
	set(SCHED_OTHER, IO_USUAL);
}

#else

void gentle_begin(void)
{
}

void gentle_end(void)
{
}

#endif
