"""When and where: reading and writing files, the runners, the command line. The only room that knows Prefect."""
