-- AlterTable
ALTER TABLE "Pager" ADD COLUMN "back" TEXT;
