#ifndef HG_SYS_NOTIFY_H
#define HG_SYS_NOTIFY_H

/* Tell the service manager ("READY=1"); does nothing when there is none.
 * Protocol: sd_notify(3). */
void notify_manager(const char *message);

#endif
