-- AlterTable
ALTER TABLE "Incident" ADD COLUMN "statusAt" DATETIME;

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Impact" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "since" DATETIME NOT NULL,
    "until" DATETIME,
    "sinceUnknown" BOOLEAN NOT NULL DEFAULT false,
    "untilUnknown" BOOLEAN NOT NULL DEFAULT false,
    "overWithIncident" BOOLEAN NOT NULL DEFAULT false
);
INSERT INTO "new_Impact" ("cluster", "environment", "id", "incidentId", "level", "service", "since", "until", "workspaceId") SELECT "cluster", "environment", "id", "incidentId", "level", "service", "since", "until", "workspaceId" FROM "Impact";
DROP TABLE "Impact";
ALTER TABLE "new_Impact" RENAME TO "Impact";
CREATE INDEX "Impact_incidentId_idx" ON "Impact"("incidentId");
CREATE INDEX "Impact_workspaceId_service_environment_since_idx" ON "Impact"("workspaceId", "service", "environment", "since");
CREATE TABLE "new_RoleHolding" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "userName" TEXT NOT NULL,
    "since" DATETIME NOT NULL,
    "until" DATETIME,
    "sinceUnknown" BOOLEAN NOT NULL DEFAULT false,
    "untilUnknown" BOOLEAN NOT NULL DEFAULT false
);
INSERT INTO "new_RoleHolding" ("id", "incidentId", "role", "since", "until", "userId", "userName", "workspaceId") SELECT "id", "incidentId", "role", "since", "until", "userId", "userName", "workspaceId" FROM "RoleHolding";
DROP TABLE "RoleHolding";
ALTER TABLE "new_RoleHolding" RENAME TO "RoleHolding";
CREATE INDEX "RoleHolding_incidentId_idx" ON "RoleHolding"("incidentId");
CREATE INDEX "RoleHolding_workspaceId_userId_idx" ON "RoleHolding"("workspaceId", "userId");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
