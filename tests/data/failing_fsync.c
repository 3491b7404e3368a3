/* Stands before the C library: a disk that keeps nothing any more, from the moment that FAILING_DISK names a file. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int has_failed(void) {
    const char *sign = getenv("FAILING_DISK");
    return sign != NULL && access(sign, F_OK) == 0;
}

static int keep(long call, int file) {
    if (has_failed()) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(call, file);
}

int fsync(int file) { return keep(SYS_fsync, file); }

int fdatasync(int file) { return keep(SYS_fdatasync, file); }
