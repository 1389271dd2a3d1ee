#ifndef HG_HANGATD_VERSIONS_H
#define HG_HANGATD_VERSIONS_H

/* Print this program's version and those of the libraries really loaded. */
void versions_print(void);

#endif
